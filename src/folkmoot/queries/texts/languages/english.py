"""English."""

from __future__ import annotations

from .base import Language, Speaker, any_of, one_of, opening, split

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

_LEAD = rf"(?:{one_of('and but so also well yes no personally honestly actually currently today ok okay')}[\s,:-]+)*"
_OFTEN = one_of(
    """also always often usually regularly sometimes rarely seldom frequently occasionally currently still now just only
    once recently personally already mostly generally never do did don't do_not didn't"""
)
_I = rf"{_LEAD}i(?:'ve|\s+have|\s+had)?\s+(?:{_OFTEN}\s+)*"
_BEING = one_of("i'?m i_am i_was i've_been i_have_been")
_AM = rf"{_LEAD}{_BEING}\s+(?:{one_of('not also currently now still just only already either')}\s+)*"
_MY = rf"{_LEAD}my\s+(?:\w+\s+)?"
_SOME = one_of("a an the no my one two three four five several some \\d+")
_LOVED_ONES = one_of("kids? child children sons? daughters? cars? dogs? cats?")
_NO_ADDRESS = one_of("in_fear in_hope in_poverty in_terror in_constant with for by through my the")
_FIRST_LANGUAGE = r"(?:first|second|third|native|main|mother|home|preferred)\s+(?:language|tongue)"
# "I am a fan of the plan" is an opinion in the form of a description.
_FAN = one_of(
    """fans? supporters? believers? advocates? opponents? proponents? critics? bit little lot firm huge big strong great
    sceptic skeptic"""
)

SPEAKER = Speaker(
    fact=opening(
        _AM
        + one_of(
            """(?:about|around|almost|under|over|between|aged|older|younger)_(?:the_age|than|\\d+|[a-z]+ty\\b)
            \\d+ from eligible ineligible registered female male nonbinary non-binary gay straight transgender retired
            married single divorced widowed disabled unemployed (?:self[\\s-])?employed working studying receiving
            pregnant"""
        ),
        rf"{_AM}(?:a|an|the|one\s+of\s+the)\s+(?!(?:\w+\s+){{0,3}}?{_FAN}\b)\w+",
        # "I live in fear" is no address, "I work hard" no job.
        rf"{_I}live(?!\s+{_NO_ADDRESS}(?!\w))",
        rf"{_I}work(?!\s+{one_of('hard harder so too two three multiple')}(?!\w))",
        _I
        + one_of(
            """lived reside own owned rent rented worked volunteer volunteered identify was_born were_born commute study
            studied"""
        ),
        rf"{_MY}{one_of('primary main permanent second')}\s+{one_of('residence home job occupation')}",
        _MY
        + one_of("age income salary gender ethnicity nationality religion qualification degree occupation profession"),
        # "English is my first language", "Teaching is my profession": the same turned round.
        rf"{_LEAD}my\s+{_FIRST_LANGUAGE}\s+(?:is|was)\b",
        rf"{_LEAD}(?:\w+\s+){{1,3}}(?:is|are)(?:\s+not|n't)?\s+my\s+"
        + one_of("hometown home_town gender ethnicity nationality religion occupation profession"),
        rf"{_LEAD}(?:\w+\s+){{1,3}}(?:is|are)(?:\s+not|n't)?\s+my\s+{_FIRST_LANGUAGE}\b",
        rf"{_LEAD}we\s+(?:rent|farm\s+\w+|live\s+{one_of('on near at next')})",
        rf"{_LEAD}we\s+own\s+(?:{_SOME}|our|land|property)",
        rf"{_LEAD}we\s+have\s+{_SOME}\s+(?:\w+\s+)?{_LOVED_ONES}",
        rf"{_LEAD}we\s+are\s+(?:a\s+)?{one_of('family couple retired farmers homeowners renters tenants')}",
    ),
    habit=opening(
        rf"{_I}(?:have\s+to\s+)?"
        + one_of(
            """attend attended watch watched play played grew_up moved drive walk cycle bike ride use used shop visit
            visited serve served read written wrote voted vote(?!_(?:no|yes|for|against)) joined met raised went
            graduated experienced encountered changed had_(?:a|an|at_least|one|several|my) access coach coached
            teach taught farm farmed hunt fish speak"""
        ),
        rf"{_LEAD}i(?:'ve|\s+have)?\s+"
        + one_of("always never often usually regularly sometimes rarely seldom frequently occasionally"),
        rf"{_LEAD}i(?:'ve|\s+have|\s+do|\s+fully|\s+already)*\s+(?:know|understand|understood)\s+(?!why|that)\w+",
        rf"{_LEAD}i\s+{one_of('can could am_able_to')}\s+{one_of('explain describe name define tell speak read')}",
        rf"{_LEAD}i\s+{one_of('like love prefer try tend')}\s+to\s+"
        + one_of("educate inform read learn watch play walk keep stay"),
        rf"{_LEAD}i\s+{one_of('consider call see describe think_of educate inform')}\s+myself",
        rf"{_LEAD}i(?:'ve|\s+have)\s+(?:{_SOME}\s+)?"
        rf"(?:{one_of('good basic solid great deep clear poor better full limited little young small large own')}\s+)*"
        + one_of("understanding knowledge degree job house home time family experience disability grasp idea_how"),
        rf"{_LEAD}i(?:'ve|\s+have)\s+{_SOME}\s+(?:\w+\s+)?{_LOVED_ONES}",
        rf"{_AM}{one_of('familiar aware able informed knowledgeable new_to involved active')}",
        _MY
        + one_of(
            """age child child's children children's daughters? dad family father husband kids? mother mom mum parents
            partner sons? spouse wife grandchildren grandparents household employer boss job career name home house
            apartment flat residence business company commute"""
        ),
        rf"{_LEAD}i\s+do\s+now\s+or\s+have",
        rf"{_LEAD}our\s+{one_of('household family kids children house')}",
    ),
    demand=any_of(
        """should shouldn't must ought need needs needed want wants support supports oppose opposes opposed favour
        favor favours favors in_favour in_favor think thinks believe believes believed i_would i_wouldn't i'd
        prefer wish hope propose suggest demand recommend expect insist urge call_for ban stop let's please instead
        rather_than dream- envision- imagine prepared_to willing ready_to i_vote_for have_to_be has_to_be deserve
        deserves fan supporter advocate opponent believer we_can't cannot_continue"""
    ),
    turn=any_of("but because yet however although though whereas"),
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
