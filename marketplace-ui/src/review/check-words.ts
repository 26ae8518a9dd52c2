/** What each check looks at, as a reviewer says it. A check of a newer registry has no words here. */
export const checkWords: Readonly<Record<string, string>> = {
  archive: 'The package is an archive by the rules: sizes, paths, kinds of entries.',
  manifest: 'plugin.json has the shape that the contract gives.',
  imports: 'The module can ask for what its manifest declares, and for nothing else.',
  module: 'The module follows the rules of the loader.',
  'host-api': 'This host has what the version needs.',
  secrets: 'No keys, tokens or passwords lie in the files.',
  text: 'No invisible characters that show one text and mean another.',
  icon: 'The icon is a drawing without scripts or outside addresses.',
  readme: 'The README has no HTML that runs or fetches, and no links to programs.',
  fixtures: 'The fixtures give in the sandbox what they say.',
  reproduction: 'The module comes again, byte for byte, of the sources in the package.',
  licence: 'The licence is named and known.',
  name: 'The name is not taken for that of another plugin.',
  'known-bad': 'Nothing in the package is on the list of what is known to be bad.',
  difference: 'What changed since the version before is what the version number says.',
};

export const switchWords = {
  enabled: 'Enabled',
  enforced: 'Enforced',
  required: 'Required',
} as const;

export const switchMeanings = {
  enabled: 'The check is made.',
  enforced: 'A finding rejects. Otherwise it is shown to author and reviewer.',
  required: 'Nothing is published without its stored pass.',
} as const;
