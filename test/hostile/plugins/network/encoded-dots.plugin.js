// Tries: Leaves the granted path by encoded dots.
// Must: PERMISSION_DENIED, REQUEST_REFUSED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/%2e%2e/admin`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
