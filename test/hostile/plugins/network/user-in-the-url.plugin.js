// Tries: Hides the host behind a user name that looks like the granted one.
// Must: PERMISSION_DENIED, REQUEST_REFUSED
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site.replace('://', '://api.lab.example@')}@evil.example/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
