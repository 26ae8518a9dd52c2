// Tries: Leaves the granted path by an encoded slash, which a proxy would decode.
// Must: REQUEST_REFUSED, PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/..%2fadmin`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
