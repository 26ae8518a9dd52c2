// Tries: Asks a host that its manifest does not name.
// Must: PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch('https://evil.example/');
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
