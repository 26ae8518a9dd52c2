// Tries: Deletes although only reading and creating was granted.
// Must: PERMISSION_DENIED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`, { method: 'DELETE' });
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
