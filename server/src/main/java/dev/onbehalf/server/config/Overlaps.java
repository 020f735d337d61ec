package dev.onbehalf.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds applications whose URLs lie within one another, so that a request could belong to both. */
final class Overlaps {
  private Overlaps() {}

  private static final String RECEIVE = "receive.public-url";

  private record Claim(String key, PublicUrl url) {
    /** Without the scheme: behind a proxy only the {@code Host} header tells requests apart. */
    String place() {
      return url.authority() + url.contextPath() + "/";
    }
  }

  static void check(
      List<ApplicationConfig> applications, @Nullable PublicUrl receive, Settings settings) {
    List<Claim> claims = new ArrayList<>();
    for (ApplicationConfig application : applications) {
      String key = Options.APPLICATIONS + "." + application.name();
      claims.add(new Claim(key, application.publicUrl()));
      application.alternateUrls().forEach(url -> claims.add(new Claim(key, url)));
    }
    if (receive != null) {
      claims.add(new Claim(RECEIVE, receive));
    }
    claims.sort(Comparator.comparing(Claim::place));
    // In this order, whatever lies below a URL follows it without a gap.
    List<Claim> above = new ArrayList<>();
    for (Claim claim : claims) {
      while (!above.isEmpty() && !claim.place().startsWith(above.get(above.size() - 1).place())) {
        above.remove(above.size() - 1);
      }
      for (Claim outer : above) {
        if (!outer.key().equals(claim.key())) {
          settings.fault(
              claim.key(),
              "its URL "
                  + claim.url()
                  + " overlaps "
                  + outer.url()
                  + " of "
                  + outer.key()
                  + "; give each its own host or path.");
          break;
        }
      }
      above.add(claim);
    }
  }
}
