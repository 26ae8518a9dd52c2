// Tries: Asks for a data URL.
// Must: PERMISSION_DENIED, REQUEST_REFUSED, PLUGIN_ERROR
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch('data:text/plain,hello');
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
