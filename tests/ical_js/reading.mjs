// Prints what each event of the calendars in a JSON list is, as ical.js reads them; when it begins and ends, in UTC, by the
// zones that they carry along, since it has no others.
import { readFileSync } from "node:fs";
import ICAL from "./ical.mjs";

function utc(time) {
  return time.convertToZone(ICAL.Timezone.utcTimezone).toString();
}

const read = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  calendar.getAllSubcomponents("vtimezone").forEach((zone) => ICAL.TimezoneService.register(zone));
  const [found] = calendar.getAllSubcomponents("vevent");
  const event = new ICAL.Event(found);
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: found.getFirstPropertyValue("status"),
    attendees: event.attendees.length,
    names: event.attendees.map((one) => one.getParameter("cn")),
    addresses: event.attendees.map((one) => one.getFirstValue()),
    summary: event.summary,
    location: event.location,
    events: calendar.getAllSubcomponents("vevent").length,
    properties: found.getAllProperties().map((one) => one.name),
    starts: utc(event.startDate),
    ends: utc(event.endDate),
  };
});
console.log(JSON.stringify(read));
