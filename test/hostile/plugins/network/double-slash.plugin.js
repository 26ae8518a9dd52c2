// Tries: Writes a path with two slashes, which some servers take for a host.
// Must: REQUEST_REFUSED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1//evil.example/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
