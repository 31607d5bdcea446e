#!/bin/sh
# Lambda says where its Runtime API is; without it, this is a job of AWS Batch.
if [ -n "${AWS_LAMBDA_RUNTIME_API:-}" ]; then
  exec /var/task/node_modules/.bin/aws-lambda-ric "$@"
fi
exec node "$@"
