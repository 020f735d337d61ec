package dev.onbehalf.server.gateway;

import dev.onbehalf.server.people.Person;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpField;

/**
 * A person's request.
 *
 * @param arrived the request
 * @param person as whom the upstream shall see it
 * @param identity header lines that say so
 * @param signed true for a signed request, false for one of a browser session
 * @param stands whether what let the request in still stands, asked again while a tunnel is open
 */
record Visit(
    Arrived arrived,
    Person person,
    List<HttpField> identity,
    boolean signed,
    BooleanSupplier stands) {

  /** Returns what tells this person from all others, renamed and re-used names included. */
  String key() {
    return person.name() + '\n' + person.identity();
  }
}
