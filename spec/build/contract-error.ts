/** The contract is well-formed OpenAPI, but asks for something that no derived file can express. */
export class ContractError extends Error {
  override name = 'ContractError';
}
