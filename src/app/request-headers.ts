/** Set by the server in front of Kit on every request, whatever the client sent under these names. */
export const REQUEST_ID_HEADER = 'x-request-id'
export const CLIENT_ADDRESS_HEADER = 'x-sundial-client-address'
