package dev.onbehalf.bench.oauth1;

import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthProblemException;
import java.net.URI;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.glassfish.jersey.oauth1.signature.OAuth1Parameters;

/** Unsigned {@code Authorization} headers of any length that cost an incumbent most. */
final class HostileHeaders {
  private HostileHeaders() {}

  static Map<String, String> ofLength(int length) {
    Map<String, String> shapes = new LinkedHashMap<>();
    shapes.put("spaces", fill("OAuth ", " ", length, "x"));
    shapes.put("spaces in a name", fill("OAuth a", " ", length, "x"));
    shapes.put("spaces before =", fill("OAuth a", " ", length, "=\"1\" x"));
    shapes.put("spaces in a value", fill("OAuth a=\"", " ", length, "\" x"));
    shapes.put("commas", fill("OAuth ", ",", length, "x"));
    shapes.put("spaces and commas", fill("OAuth ", " ,", length, "x"));
    shapes.put("quotes", fill("OAuth a=\"", "\"", length, ""));
    shapes.put("equals signs", fill("OAuth a", "=", length, ""));
    shapes.put("letters", fill("OAuth ", "a", length, ""));
    shapes.put("letters in a value", fill("OAuth a=\"", "a", length, ""));
    shapes.put("percent signs", fill("OAuth a=\"", "%", length, "\""));
    shapes.put("escapes", fill("OAuth a=\"", "%41", length, "\""));
    shapes.put("escapes to escape", fill("OAuth a=\"", "%20", length, "\""));
    shapes.put("characters to escape", fill("OAuth a=\"", "/", length, "\""));
    shapes.put("UTF-8 escapes", fill("OAuth a=\"", "%C3%A9", length, "\""));
    shapes.put("many parameters", fill("OAuth ", "a=\"\",", length, ""));
    shapes.put("many oauth_ parameters", fill("OAuth ", "oauth_a=\"\",", length, ""));
    shapes.put("64 parameters", fill(fill("OAuth ", "b=\"\",", 380, "b=\""), "a", length, "\""));
    shapes.put("realms", fill("OAuth ", "realm=\"\",", length, ""));
    shapes.put("escaped quotes in a realm", fill("OAuth realm=\"", "\\\"", length, ""));
    shapes.put("tabs", fill("OAuth\t", "\t", length, "x"));
    shapes.put("control characters", fill("OAuth a=\"", "\u0001", length, "\""));
    shapes.put("not ASCII", fill("OAuth a=\"", "\u00e9", length, "\""));
    return shapes;
  }

  private static String fill(String front, String piece, int length, String back) {
    StringBuilder text = new StringBuilder(front);
    while (text.length() + piece.length() + back.length() <= length) {
      text.append(piece);
    }
    return text.append(back).toString();
  }

  static Operation onbehalf(String header) {
    List<String> headers = List.of(header);
    return () -> {
      try {
        return OAuthMessage.mayBeSigned(headers, null, false)
            ? OAuthMessage.parse(headers, null, null)
            : header;
      } catch (OAuthProblemException e) {
        return e;
      }
    };
  }

  static Operation netOauth(String header) {
    return () -> {
      try {
        return net.oauth.OAuthMessage.decodeAuthorization(header);
      } catch (IllegalArgumentException e) {
        return e;
      }
    };
  }

  static Operation jersey(String header) throws Exception {
    URL url = URI.create("https://ci.example.com/").toURL();
    return () -> {
      try {
        return new OAuth1Parameters()
            .readRequest(new Rivals.JerseyRequest("GET", url, Map.of(), header));
      } catch (IllegalArgumentException | StackOverflowError e) {
        return e;
      }
    };
  }
}
