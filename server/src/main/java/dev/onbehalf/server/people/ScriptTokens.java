package dev.onbehalf.server.people;

import java.util.Optional;

/** Tokens by which people's own scripts show whose they are. */
public interface ScriptTokens {
  /** How every such token begins. */
  String PREFIX = "obp_";

  /**
   * Finds whose token it is; empty if it has ended, never was one, or its person may not sign in.
   *
   * @param value what the script sent, whatever it is
   * @throws DirectoryException if the person cannot be looked up now
   */
  Optional<Owner> owner(String value);

  /**
   * Who showed a token.
   *
   * @param person whose it is, looked up anew
   * @param tokenName what its person calls the token
   */
  record Owner(Person person, String tokenName) {}
}
