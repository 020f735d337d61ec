package dev.onbehalf.server.link;

import dev.onbehalf.applinks.TokenSealer;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.store.Sealer;

/** Seals people's tokens as this server seals everything. */
final class SealedTokens implements TokenSealer {
  private final Sealer sealer;

  SealedTokens(Sealer sealer) {
    this.sealer = sealer;
  }

  @Override
  public byte[] seal(Secret secret, String context) {
    return sealer.seal(secret, context);
  }

  @Override
  public Secret open(byte[] sealed, String context) {
    return sealer.open(sealed, context);
  }
}
