// Tries: Reaches loopback through addresses that hold an IPv4 address.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: strict
// Sites: https://[::ffff:127.0.0.1] https://[::ffff:7f00:1] https://[::127.0.0.1] https://[64:ff9b::127.0.0.1] https://[64:ff9b::a9fe:a9fe] https://[2002:7f00:1::] https://[2002:a9fe:a9fe::1] https://[::ffff:0:127.0.0.1] https://[64:ff9b:1::7f00:1] https://[2001:0:7f00:1::]
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
