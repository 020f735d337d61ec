package dev.onbehalf.applinks;

/** What went wrong with a link, in the words peers show ({@code docs/peer-facts.md} 1.13). */
public enum LinkError {
  /** Nothing listens at the peer's address, or the way there is blocked. */
  CONNECTION_REFUSED,
  /** The peer's host name is unknown. */
  UNKNOWN_HOST,
  /** Requests may not go to the peer's address. */
  ADDRESS_REFUSED,
  /** No answer in time. */
  TIMEOUT,
  /** The peer's certificate comes from nobody this Java trusts. */
  SSL_UNTRUSTED,
  /** The peer's certificate is for another host name. */
  SSL_HOSTNAME_UNMATCHED,
  /** TLS failed in another way. */
  SSL_UNMATCHED,
  /** The clocks differ too much. */
  OAUTH_TIMESTAMP_REFUSED,
  /** The peer computed another signature. */
  OAUTH_SIGNATURE_INVALID,
  /** The peer refused for another OAuth reason. */
  OAUTH_PROBLEM,
  /** The peer has this way of authentication switched off. */
  AUTH_LEVEL_UNSUPPORTED,
  /** The person has to authorise the link. */
  LOCAL_AUTH_TOKEN_REQUIRED,
  /** The peer answers from another address. */
  REDIRECTED,
  /** The answer is not what the protocol asks for. */
  UNEXPECTED_RESPONSE,
  /** The status is not what the protocol asks for. */
  UNEXPECTED_RESPONSE_STATUS,
  /** Anything else. */
  UNKNOWN
}
