// ESLint looks for its rules beside what it reads.
export { default } from "../../../renderers/opener/eslint.config.js";
