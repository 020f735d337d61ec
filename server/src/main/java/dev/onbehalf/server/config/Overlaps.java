package dev.onbehalf.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds applications whose URLs lie within one another, so that a request could belong to both. */
final class Overlaps {
  private Overlaps() {}

  private record Claim(String application, PublicUrl url) {
    /** Without the scheme: behind a proxy only the {@code Host} header tells requests apart. */
    String place() {
      return url.authority() + url.contextPath() + "/";
    }
  }

  static void check(List<ApplicationConfig> applications, Settings settings) {
    List<Claim> claims = new ArrayList<>();
    for (ApplicationConfig application : applications) {
      claims.add(new Claim(application.name(), application.publicUrl()));
      application.alternateUrls().forEach(url -> claims.add(new Claim(application.name(), url)));
    }
    claims.sort(Comparator.comparing(Claim::place));
    // In this order, whatever lies below a URL follows it without a gap.
    List<Claim> above = new ArrayList<>();
    for (Claim claim : claims) {
      while (!above.isEmpty() && !claim.place().startsWith(above.get(above.size() - 1).place())) {
        above.remove(above.size() - 1);
      }
      for (Claim outer : above) {
        if (!outer.application().equals(claim.application())) {
          settings.fault(
              Options.APPLICATIONS + "." + claim.application(),
              "its URL "
                  + claim.url()
                  + " overlaps "
                  + outer.url()
                  + " of the application '"
                  + outer.application()
                  + "'; give each its own host or path.");
          break;
        }
      }
      above.add(claim);
    }
  }
}
