import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { livePrices } from "../../../commands/cost/livePrices.js";
import { bundledPrices } from "../../../commands/cost/prices.js";

/** A product as the Price List API gives it: JSON in a string. */
function product(usagetype: string, ...steps: readonly (readonly [beginRange: string, usd: string])[]): string {
  const priceDimensions = Object.fromEntries(
    steps.map(([beginRange, USD], index) => [
      `SKU.TERM.${index}`,
      { unit: "Requests", beginRange, endRange: "Inf", pricePerUnit: { USD }, appliesTo: [] },
    ]),
  );
  return JSON.stringify({
    product: { productFamily: "Serverless", attributes: { usagetype, regionCode: "eu-west-1" }, sku: "SKU" },
    serviceCode: "any",
    terms: { OnDemand: { "SKU.TERM": { priceDimensions, sku: "SKU", termAttributes: {} } } },
    version: "20261101000000",
  });
}

describe("livePrices", () => {
  const client = mockClient(PricingClient);
  afterEach(() => {
    client.reset();
  });

  it("reads prices by usage type, page by page, past the free tier, and keeps the bundled ones of the rest", async () => {
    client.on(GetProductsCommand).resolves({ PriceList: [] });
    client
      .on(GetProductsCommand, { ServiceCode: "AWSLambda" })
      .resolves({ PriceList: [product("EUW1-Request-ARM", ["0", "0.0000003"])], NextToken: "more" });
    client
      .on(GetProductsCommand, { ServiceCode: "AWSLambda", NextToken: "more" })
      .resolves({ PriceList: [product("EUW1-Lambda-GB-Second-ARM", ["0", "0"], ["400000", "0.00002"])] });
    client
      .on(GetProductsCommand, { ServiceCode: "AmazonCloudWatch" })
      .resolves({ PriceList: [product("EUW1-DashboardsUsageHour", ["0", "0"], ["2190", "0.0041"])] });
    client
      .on(GetProductsCommand, { ServiceCode: "AmazonSageMaker" })
      .resolves({ PriceList: [product("EUW1-Host:ml.g6.2xlarge", ["0", "1.3642"])] });

    const { prices, instanceUsd, notFound } = await livePrices(new PricingClient({}), "eu-west-1", ["ml.g6.2xlarge"]);

    expect(prices.lambdaRequest).to.equal(0.0000003);
    expect(prices.lambdaSecond).to.equal(0.00002);
    expect(prices.dashboard).to.be.closeTo(2.993, 0.001);
    expect([...instanceUsd]).to.deep.equal([["ml.g6.2xlarge", 1.3642]]);
    expect(prices.objectPut).to.equal(bundledPrices().objectPut);
    expect(notFound).to.include.members(["objectPut", "toArchive"]);
    expect(notFound).to.not.include("lambdaRequest");
  });

  it("asks for the rate of hosting of each type in the region of the stack, and says which the list does not have", async () => {
    client.on(GetProductsCommand).resolves({ PriceList: [] });

    const types = ["ml.g6.2xlarge", "ml.g5.xlarge"];
    const { instanceUsd, notFound } = await livePrices(new PricingClient({}), "eu-west-1", types);

    expect(instanceUsd.size).to.equal(0);
    expect(notFound).to.include.members(types);
    const asked = client.commandCalls(GetProductsCommand).map(({ args }) => args[0].input);
    expect(asked.find(({ ServiceCode }) => ServiceCode === "AmazonSageMaker")?.Filters).to.deep.equal([
      { Type: "TERM_MATCH", Field: "regionCode", Value: "eu-west-1" },
      { Type: "TERM_MATCH", Field: "instanceName", Value: "ml.g6.2xlarge" },
      { Type: "TERM_MATCH", Field: "component", Value: "Hosting" },
    ]);
  });

  it("does not take a usage type for another that ends alike", async () => {
    client.on(GetProductsCommand).resolves({ PriceList: [] });
    client.on(GetProductsCommand, { ServiceCode: "AmazonS3" }).resolves({
      PriceList: [product("Requests-SIA-Tier1", ["0", "9"]), product("TimedStorage-SIA-ByteHrs", ["0", "0.0125"])],
    });

    const { prices, notFound } = await livePrices(new PricingClient({}), "us-east-1", ["ml.g6.2xlarge"]);

    expect(notFound).to.include("objectPut");
    expect(prices.objectInfrequent).to.equal(0.0125);
    expect(notFound).to.include("objectStandard");
  });
});
