"""The sentences of `explain`, in English and Swedish.

Here and not in the catalogues, because law/ stands alone: whoever checks the computation
reads rule and sentence side by side. Both tables have the same keys and the same fields.
"""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "received": "The report was received on {day}, counted as a date in {zone}.",
    "acknowledge_due": "The day of receipt is not counted: {period} later is {day}.",
    "acknowledge_none": "The law sets no date for the acknowledgement.",
    "rolled": "{from_day} is {why}, so the last day in law is the next working day, {day}.",
    "not_rolled": "{day} is a working day, so it is also the last day in law.",
    "never_rolled": "Under this law a last day does not move, so {day} is the last day in law.",
    "acknowledged": "Receipt was acknowledged on {day}, in time.",
    "acknowledged_late": (
        "Receipt was acknowledged on {day}, {days} after the strict date. That gives no more time."
    ),
    "waived": "The reporter wanted no acknowledgement. The law knows that; no date changes.",
    "withheld": "The acknowledgement was withheld ({ground}). The law knows that; no date changes.",
    "not_recognised": "“{ground}” is not recognised by this law and changes no date.",
    "feedback_none": "The law sets no date for the feedback.",
    "reading_fallback": "If nobody acknowledges: {period} after receipt is {day}.",
    "reading_acknowledged": "Counted from the acknowledgement: {period} later is {day}.",
    "reading_received": "Counted from receipt: {period} later is {day}.",
    "extended": "The time for feedback was extended, as this law allows.",
    "strict_is_earliest": "Everyone steers by the earliest of these: {day}.",
    "strict_is_only": "Everyone steers by this date: {day}.",
    "erase_none": "The law names no number of years for keeping: no longer than is necessary.",
    "erase_public_body": "A public body's documents are kept or destroyed by archive law.",
    "erase_not_yet": "How long the case may be kept is counted when it has been closed.",
    "erase": "The case may be kept for {period} {start}: erased by {day}. That day never moves.",
    "erase_own": "This channel keeps no case for longer: it is erased on {day}.",
    "erase_backups": "Backups live for {days}, so the case is erased on {day}.",
    "certainty_s": "Taken from a secondary source, not read in the law itself: {citation}.",
    "certainty_m": "From memory, to be checked before anyone relies on it: {citation}.",
    "certainty_i": "Our own reading or choice, which no text states as such: {citation}.",
}

SWEDISH: Mapping[str, str] = {
    "received": "Rapporten togs emot {day}, räknat som datum i {zone}.",
    "acknowledge_due": "Dagen för mottagandet räknas inte: {period} senare är {day}.",
    "acknowledge_none": "Lagen sätter inget datum för bekräftelsen.",
    "rolled": "{from_day} är {why}, så sista dag enligt lagen är nästa vardag, {day}.",
    "not_rolled": "{day} är en vardag, så den är också sista dag enligt lagen.",
    "never_rolled": "Denna lag flyttar ingen sista dag, så {day} är sista dag enligt lagen.",
    "acknowledged": "Mottagandet bekräftades {day}, i tid.",
    "acknowledged_late": (
        "Mottagandet bekräftades {day}, {days} efter det strikta datumet. Det ger inte mer tid."
    ),
    "waived": (
        "Den som rapporterade ville inte ha någon bekräftelse. Lagen tillåter det; "
        "inget datum ändras."
    ),
    "withheld": "Bekräftelsen hölls inne ({ground}). Lagen tillåter det; inget datum ändras.",
    "not_recognised": "”{ground}” erkänns inte av denna lag och ändrar inget datum.",
    "feedback_none": "Lagen sätter inget datum för återkopplingen.",
    "reading_fallback": "Om ingen bekräftar: {period} efter mottagandet är {day}.",
    "reading_acknowledged": "Räknat från bekräftelsen: {period} senare är {day}.",
    "reading_received": "Räknat från mottagandet: {period} senare är {day}.",
    "extended": "Tiden för återkoppling har förlängts, som denna lag tillåter.",
    "strict_is_earliest": "Alla styr efter det tidigaste av dessa: {day}.",
    "strict_is_only": "Alla styr efter detta datum: {day}.",
    "erase_none": "Lagen anger inget antal år för bevarandet: inte längre än nödvändigt.",
    "erase_public_body": "En myndighets handlingar bevaras eller gallras enligt arkivlagen.",
    "erase_not_yet": "Hur länge ärendet får bevaras räknas när det har avslutats.",
    "erase": "Ärendet får bevaras {period} {start}: raderat senast {day}. Datumet flyttas aldrig.",
    "erase_own": "Den här kanalen bevarar inget ärende längre: det raderas {day}.",
    "erase_backups": "Säkerhetskopior lever i {days}, så ärendet raderas {day}.",
    "certainty_s": "Hämtat ur en andrahandskälla, inte läst i själva lagen: {citation}.",
    "certainty_m": "Ur minnet, ska kontrolleras innan någon förlitar sig på det: {citation}.",
    "certainty_i": "Vår egen läsning eller vårt eget val, som ingen text säger: {citation}.",
}

SENTENCES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "sv": SWEDISH}

# Small words inside the sentences: one and many of a unit, why a day is free, from what a
# period runs, and how the parts of a period are joined.
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "days.one": "day", "days": "days", "working days.one": "working day",
        "working days": "working days", "months.one": "month", "months": "months",
        "years.one": "year", "years": "years", "then": ", then ",
        "saturday": "a Saturday", "sunday": "a Sunday", "holiday": "a public holiday",
        "midsummer_eve": "Midsummer Eve", "christmas_eve": "Christmas Eve",
        "new_years_eve": "New Year's Eve", "closed": "after it was closed",
        "received": "after receipt", "feedback": "after the final feedback",
        "end_of_year": "after the end of the year in which it was closed",
    },
    "sv": {
        "days.one": "dag", "days": "dagar", "working days.one": "arbetsdag",
        "working days": "arbetsdagar", "months.one": "månad", "months": "månader",
        "years.one": "år", "years": "år", "then": ", därefter ",
        "saturday": "en lördag", "sunday": "en söndag", "holiday": "en allmän helgdag",
        "midsummer_eve": "midsommarafton", "christmas_eve": "julafton",
        "new_years_eve": "nyårsafton", "closed": "efter att det avslutades",
        "received": "efter mottagandet", "feedback": "efter den slutliga återkopplingen",
        "end_of_year": "efter utgången av det år då det avslutades",
    },
}  # fmt: skip
