// Tries: Reaches the metadata service of a cloud, in every spelling of its address.
// Must: EGRESS_BLOCKED
// Run: deliver
// World: strict
// Sites: https://169.254.169.254 https://2852039166 https://0xa9fea9fe https://0251.0376.0251.0376 https://169.254.43518 https://[fd00:ec2::254] https://[fe80::a9fe:a9fe] https://100.100.100.200
// May: {"http":[{"host":{"configuration":"site"},"pathPrefix":"/v1/","methods":["GET","POST"]}]}
export default {
  async deliver({ configuration }) {
    const response = await fetch(`${configuration.site}/v1/`);
    return { outcome: 'delivered', note: `got ${response.status}` };
  },
};
