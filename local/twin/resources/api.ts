import { API_PATH } from "../awsProtocol.js";
import { required } from "./properties.js";
import type { CreateTable } from "./types.js";

/** APIs of API Gateway: each is served at the address of the twin. */
export const apiResources: CreateTable = {
  "aws:apigateway/restApi:RestApi": ({ id, state }, { api }) => {
    api.add(id, required(state, "body"));
    return Promise.resolve({});
  },
  "aws:apigateway/stage:Stage": ({ state }, { endpointUrl }) =>
    Promise.resolve({
      invokeUrl: `${endpointUrl}${API_PATH}${required(state, "restApi")}/${required(state, "stageName")}`,
    }),
};
