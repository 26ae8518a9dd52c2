export interface TemplateNames {
  /** `namespace/name` */
  id: string;
  name: string;
  /** The name as people read it. */
  title: string;
}
