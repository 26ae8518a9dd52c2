// Tries: Reads the cookies that a service sets for the host.
// Must: done
// Says: cookie: null null
// Run: deliver
// World: lab
// Sites: http://api.lab.example:PORT
// May: {"http":[{"host":{"configuration":"site"},"methods":["GET","POST"]},{"host":"evil.example","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/cookie`);
    return {
      outcome: 'delivered',
      note: `cookie: ${response.headers.get('set-cookie')} ${response.headers.get('server')}`,
    };
  },
};
