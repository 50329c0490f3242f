declare module "*.po" {
  const catalogue: import("./words/said").Catalogue;
  export default catalogue;
}
