// Tries: Sends a cookie.
// Must: REQUEST_REFUSED, PLUGIN_ERROR
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`, { headers: { cookie: 'session=stolen' } });
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
