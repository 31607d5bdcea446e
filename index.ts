import { Config } from "@pulumi/pulumi";

const config = new Config();

export const resourcePrefix = config.require("projectName");
