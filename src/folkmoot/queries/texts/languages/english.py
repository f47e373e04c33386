"""English."""

from __future__ import annotations

from .base import Language, Speaker, any_of, opening, split

_WORDS = split(
    """a about after all also am an and any are as at be because been before being both but by can could did do does
    doing each either for from had has have having he her here him his how i i'd i'll i'm i've if in into is it
    it's its itself just let's many me might most much my no nor not of off on once only onto or other our ours out
    over own same she should since so some such than that that's the their them then there there's these they
    they're this those through to towards under until up upon us very was we we'd we'll we're we've were what when
    where whether which while who whom whose why will with within without would yet you you're your im ive ought
    must may shall isn't aren't wasn't don't doesn't didn't can't cannot couldn't won't wouldn't shouldn't hasn't
    haven't"""
)
_NEGATIONS = split(
    """no non not nor never without none nothing isn't aren't wasn't weren't don't doesn't didn't can't cannot
    couldn't won't wouldn't shouldn't hasn't haven't against oppose opposed opposes stop ban dont doesnt cant wont"""
)

_LEAD = r"(?:(?:and|but|so|also|well|yes|no|personally|honestly|actually|currently|today|ok|okay)[\s,:-]+)*"
_OFTEN = r"(?:(?:also|always|often|usually|regularly|sometimes|rarely|seldom|frequently|occasionally|currently|"
_OFTEN += (
    r"still|now|just|only|once|recently|personally|already|mostly|generally|never|do|did|don't|do\snot|didn't)\s+)*"
)
_AM = (
    r"(?:i'?m|i\s+am|i\s+was|i've\s+been|i\s+have\s+been)\s+(?:(?:not|also|currently|now|still|just|only|already)\s+)*"
)
# "I am a fan of the plan" is an opinion in the form of a description.
_NOT_OPINION = (
    r"(?!(?:\w+\s+){0,3}?(?:fans?|supporters?|believers?|advocates?|opponents?|proponents?|critics?|bit|little|lot|"
    r"firm|huge|big|strong|great|sceptic|skeptic)\b)"
)
_FAMILY = (
    r"(?:age|child|children|child's|children's|daughter|daughters|dad|family|father|husband|kid|kids|mother|mom|mum|"
    r"parents|partner|son|sons|spouse|wife|grandchildren|grandparents|household|employer|boss|job|career|occupation|"
    r"profession|income|salary|gender|religion|name|home|house|apartment|flat|residence|primary|business|company|"
    r"degree|commute)"
)

SPEAKER = Speaker(
    fact=opening(
        rf"{_LEAD}{_AM}(?:either\s+)?(?:"
        r"(?:about|around|almost|under|over|between|aged|older|younger)\s+(?:the\s+age|than|\d|[a-z]+ty\b)"
        rf"|\d+|from|eligible|ineligible|registered|female|male|nonbinary|non-binary|gay|straight|transgender|retired|"
        rf"married|single|divorced|widowed|disabled|unemployed|employed|self-employed|pregnant|"
        rf"(?:a|an|the|one\sof\sthe)\s+{_NOT_OPINION}\w+)",
        rf"{_LEAD}i(?:'ve|\s+have)?\s+{_OFTEN}(?:live|lived|reside|own|owned|rent|rented|work|worked|volunteer|"
        rf"volunteered|identify|was\s+born|were\s+born|commute|study|studied)",
        rf"{_LEAD}my\s+(?:\w+\s+)?(?:primary|main|permanent|second)\s+(?:residence|home|job|occupation)",
        rf"{_LEAD}we\s+(?:rent|farm\s+\w+|own\s+(?:a|an|our|land|property|two|three|\d+)|live\s+(?:on|near|at|next)|"
        r"have\s+(?:a|one|two|three|four|five|\d+)\s+(?:\w+\s+)?(?:kids?|child|children|sons?|daughters?|cars?|dogs?|cats?)|"
        r"are\s+(?:a\s+)?(?:family|couple|retired|farmers|homeowners|renters|tenants))",
    ),
    habit=opening(
        rf"{_LEAD}i(?:'ve|\s+have|\s+had)?\s+{_OFTEN}(?:attend|attended|watch|watched|play|played|grew\s+up|moved|drive|"
        rf"walk|cycle|bike|ride|use|used|shop|visit|visited|serve|served|read|written|wrote|voted|vote|joined|"
        rf"met|raised|went|graduated|experienced|encountered|changed|"
        rf"had\s+(?:a|an|at\s+least|one|several|my)|access|coach|coached|teach|taught|farm|farmed|hunt|fish|speak)",
        rf"{_LEAD}i(?:'ve|\s+have)?\s+(?:always|never|often|usually|regularly|sometimes|rarely|seldom|frequently|"
        r"occasionally)",
        rf"{_LEAD}i(?:'ve|\s+have|\s+do|\s+fully|\s+already)*\s+(?:know|understand|understood)\s+(?!why|that)\w+",
        rf"{_LEAD}i\s+(?:can|could|am\s+able\s+to)\s+(?:explain|describe|name|define|tell|speak|read)",
        rf"{_LEAD}i\s+(?:like|love|prefer|try|tend)\s+to\s+(?:educate|inform|read|learn|watch|play|walk|keep|stay)",
        rf"{_LEAD}i\s+(?:consider|call|see|describe|think\s+of|educate|inform)\s+myself",
        rf"{_LEAD}i(?:'ve|\s+have)\s+(?:(?:a|an|the|no|my|two|three|four|several|some)\s+)?(?:(?:good|basic|solid|great|"
        r"deep|clear|poor|better|full|limited|little|young|small|large|own)\s+)*(?:understanding|knowledge|degree|job|child|children|kids?|"
        r"sons?|daughters?|cars?|dogs?|cats?|house|home|time|family|experience|disability|grasp|idea\s+how)",
        rf"{_AM}(?:familiar|aware|able|informed|knowledgeable|new\s+to|involved|active)",
        rf"{_LEAD}my\s+(?:\w+\s+)?{_FAMILY}",
        rf"{_LEAD}our\s+(?:household|family|kids|children|house)",
    ),
    person=opening(
        rf"{_LEAD}(?:i|i'm|im|i've|ive|i'd|i'll|me)",
        # A street, a town, a generation, a vote are not the speaker's own affair.
        rf"{_LEAD}my(?!\s+(?:\w+\s+)?(?:street|road|neighbou?rhood|block|town|city|county|village|community|area|region|"
        r"country|state|province|district|government|council|generation|school|park|library|bus|hospital|river|party))",
    ),
    demand=any_of(
        """should shouldn't must ought need needs needed want wants support supports oppose opposes opposed favour
        favor favours favors in_favour in_favor think thinks believe believes believed i_would i_wouldn't i'd
        prefer wish hope propose suggest demand recommend expect insist urge call_for ban stop let's please instead
        rather_than dream- envision- imagine prepared_to willing ready_to i_vote_for have_to_be has_to_be deserve
        deserves fan supporter advocate opponent believer we_can't cannot_continue"""
    ),
    view=any_of(
        """would wouldn't more less fewer better best worse worst good bad great terrible awful wonderful too enough
        important unimportant essential vital necessary unnecessary fair unfair wrong right safe unsafe dangerous
        danger risk expensive cheap afford affordable unaffordable wast- useless useful pointless fail- broken
        lack- miss missing overrated ridicul- disgust- shame- disgrace happy unhappy glad sad grateful thankful
        appreciat- proud lucky pleased satisf- dissatisf- content worr- concern- afraid fear- scared anxious angry
        upset frustrat- disappoint- tired sick fed_up excit- enthusias- love hate like dislike enjoy trust distrust
        mistrust doubt doubts agree disagree feel feels seem seems seemed accept unacceptable acceptable tolerat-
        allow allowed banned forbidden against for_the_sake confus- troubl- problem problems issue issues crisis
        welcome value values mind care cares interested biased undemocratic democratic corrupt will won't i'll
        okay ok fine_with going_to refuse refused sure unsure wonder surprised understand_why find_it find_that
        see_no see_a despite faith confidence why reason because"""
    ),
)

ENGLISH = Language("en", "English", _WORDS, _NEGATIONS, SPEAKER)
