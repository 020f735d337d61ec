package dev.onbehalf.server.provider;

import dev.onbehalf.server.access.Permissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a person granted.
 *
 * @param person user name
 * @param personIdentity what stays that person's when the name is given to somebody else
 * @param permissions narrower permissions than the consumer's; null for those of the consumer
 * @param life how long the grant lasts at most; null for as long as the consumer may have it
 */
record Decision(
    String person,
    String personIdentity,
    @Nullable Permissions permissions,
    @Nullable Duration life) {}
