// Tries: Injects a header behind a line break.
// Must: REQUEST_REFUSED, PLUGIN_ERROR
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`, { headers: { 'x-note': 'a\r\nx-admin: 1' } });
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
