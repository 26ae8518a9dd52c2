// Tries: Leaves the granted path by a path parameter, which some servers cut off.
// Must: REQUEST_REFUSED, PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/..;/admin`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
