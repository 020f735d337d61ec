package dev.onbehalf.server.diagnosis;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A peer's certificate does not hold. */
final class CertificateException extends IOException {
  private final transient List<X509Certificate> chain;
  private final Kind kind;

  /** Why it does not hold. */
  enum Kind {
    EXPIRED("has expired"),
    NOT_YET_VALID("is not valid yet by our clock"),
    WRONG_NAME("is for another name"),
    UNTRUSTED("is of an authority that this Java does not trust");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  CertificateException(List<X509Certificate> chain, IOException cause, Instant now) {
    super(cause.getMessage(), cause);
    this.chain = chain;
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (!chain.isEmpty() && chain.get(0).getNotAfter().toInstant().isBefore(now)) {
      kind = Kind.EXPIRED;
    } else if (!chain.isEmpty() && chain.get(0).getNotBefore().toInstant().isAfter(now)) {
      kind = Kind.NOT_YET_VALID;
    } else if (message.contains("subject alternative") || message.contains("no name matching")) {
      kind = Kind.WRONG_NAME;
    } else {
      kind = Kind.UNTRUSTED;
    }
  }

  List<X509Certificate> chain() {
    return chain;
  }

  Kind kind() {
    return kind;
  }
}
