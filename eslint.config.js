import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Folders that a folder may not import from: dependencies point one way (see docs/architecture.md). */
const closedTo = {
  contract: ["components", "lambda", "local", "client", "policy", "tests"],
  components: ["lambda", "local", "client", "policy", "tests"],
  lambda: ["components", "local", "client", "policy", "tests"],
  local: ["components", "lambda", "tests"],
  client: ["components", "lambda", "local", "policy", "tests"],
  policy: ["components", "lambda", "local", "client", "tests"],
};

const oneWay = Object.entries(closedTo).map(([folder, closed]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ regex: `^(\\.\\./)+(${closed.join("|")})/`, message: `${folder}/ may not import this folder.` }] },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["node_modules", ".venv", ".cache", "out"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX },
    settings: {
      "import-x/extensions": [".ts"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createTypeScriptImportResolver()],
    },
    rules: {
      "import-x/no-cycle": "error",
      "max-lines": ["error", { max: 300 }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["tests/**/*.ts"],
    rules: {
      // chai asserts with property access: expect(x).to.be.true
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  { files: ["**/*.mjs"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
  ...oneWay,
  prettier,
);
