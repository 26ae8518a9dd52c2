// Tries: Asks for a file.
// Must: PERMISSION_DENIED, REQUEST_REFUSED, PLUGIN_ERROR
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch('file:///etc/passwd');
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
