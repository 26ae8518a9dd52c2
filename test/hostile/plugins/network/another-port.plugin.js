// Tries: Asks another port of the granted host.
// Must: PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch('http://api.lab.example:1/v1/');
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
