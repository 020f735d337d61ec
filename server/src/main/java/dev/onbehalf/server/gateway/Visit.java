package dev.onbehalf.server.gateway;

import dev.onbehalf.server.people.Person;
import java.util.List;
import org.eclipse.jetty.http.HttpField;

/**
 * A person's request.
 *
 * @param arrived the request
 * @param person as whom the upstream shall see it
 * @param identity header lines that say so
 * @param signed true for a signed request, false for one of a browser session
 */
record Visit(Arrived arrived, Person person, List<HttpField> identity, boolean signed) {

  /** Returns what tells this person from all others, renamed and re-used names included. */
  String key() {
    return person.name() + '\n' + person.identity();
  }
}
