// Tries: Writes a path with backslashes.
// Must: REQUEST_REFUSED, PERMISSION_DENIED, done
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}\\v1\\..\\admin`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
