package dev.onbehalf.server.link;

import dev.onbehalf.oauth1.Keys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to enter in the peer's form of incoming links ({@code docs/peer-facts.md} 1.11). */
public final class LinkGuide {
  private LinkGuide() {}

  /**
   * A field of the form.
   *
   * @param label what stands beside it
   * @param content what to enter; never a secret
   */
  public record Field(String label, String content) {}

  /**
   * Returns the fields in their order.
   *
   * @param callback where people return to; null where this server has no public URL
   */
  static List<Field> fields(Link link, InstanceIdentity identity, @Nullable String callback) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("Consumer Key", link.consumerKey()));
    fields.add(new Field("Consumer Name", "Onbehalf"));
    if (link.signatureMethod().isRsa()) {
      fields.add(new Field("Public Key", Keys.base64(identity.publicKey())));
    } else {
      fields.add(new Field("Shared secret", "(the one given by --secret-file)"));
      fields.add(new Field("Signature method", link.signatureMethod().parameterValue()));
    }
    if (callback != null && link.levels().threeLegged()) {
      fields.add(new Field("Consumer Callback URL", callback));
    }
    fields.add(new Field("Allow 2-Legged OAuth", onOff(link.levels().twoLegged())));
    fields.add(
        new Field(
            "Allow user impersonation through 2-Legged OAuth",
            onOff(link.levels().impersonation())));
    return fields;
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}
