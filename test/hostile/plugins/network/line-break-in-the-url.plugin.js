// Tries: Injects a request behind a line break in the URL.
// Must: done, REQUEST_REFUSED, PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/\r\nX-Admin: 1\r\n`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
