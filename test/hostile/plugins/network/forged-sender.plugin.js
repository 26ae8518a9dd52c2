// Tries: Claims to come from inside.
// Must: REQUEST_REFUSED, PLUGIN_ERROR
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`, { headers: { 'x-forwarded-for': '127.0.0.1' } });
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
