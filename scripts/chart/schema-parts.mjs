// Building blocks of a strict schema: an object has exactly the keys that it names.
export const object = (properties, description) => ({ type: 'object', additionalProperties: false, ...(description && { description }), properties });
export const text = (pattern) => ({ type: 'string', ...(pattern && { pattern }) });
export const flag = { type: 'boolean' };
export const count = (minimum = 0, maximum) => ({ type: 'integer', minimum, ...(maximum !== undefined && { maximum }) });
export const choice = (...values) => ({ enum: values });
export const list = (items) => ({ type: 'array', items });
export const map = (values, names) => ({ type: 'object', additionalProperties: values, ...(names && { propertyNames: { pattern: names } }) });

const quantity = { type: ['string', 'integer'], pattern: '^[0-9.]+(m|k|M|G|T|Ki|Mi|Gi|Ti)?$' };

export const secretKey = object({ name: text(), key: text('^[-._a-zA-Z0-9]+$') });
export const resources = object({ requests: map(quantity), limits: map(quantity) });
export const toleration = object({ key: text(), operator: choice('Exists', 'Equal'), value: text(), effect: choice('NoSchedule', 'PreferNoSchedule', 'NoExecute', ''), tolerationSeconds: count() });
export const digest = text('^sha256:[0-9a-f]{64}$');
export const address = text('^([a-z0-9]([-a-z0-9.]*[a-z0-9])?:[0-9]+)?$');
const selector = object({ matchLabels: map(text()), matchExpressions: list(object({ key: text(), operator: choice('In', 'NotIn', 'Exists', 'DoesNotExist'), values: list(text()) })) });
export const peer = object({ podSelector: selector, namespaceSelector: selector, ipBlock: object({ cidr: text(), except: list(text()) }) });
