"""Languages without rules of their own, known by their function words so that none is taken for a neighbour."""

from __future__ import annotations

from .base import Language, split

OTHERS = (
    Language(
        "pt",
        "Portuguese",
        split(
            """a ao aos as até com como da das de do dos e ela ele em entre era essa esse esta este eu foi há isso
            isto já mais mas me mesmo meu minha muito na nas nem no nos nossa nosso não o os ou para pela pelas
            pelo pelos por porque quando que quem se sem ser seu sua são só também tem ter um uma você vocês está
            estão às à deve devem devemos"""
        ),
        split("não nem sem nunca contra"),
    ),
    Language(
        "it",
        "Italian",
        split(
            """a ad ai al alla alle anche che chi ci come con da dal dalla dei del della delle dello di e ed era
            essere gli ha hanno i il in io la le lo loro ma mi mio mia ne nei nel nella nelle noi non nostra nostro
            o per perché più qui se sei si sia sono su sua sugli sul sulla sulle suo tra tutti un una uno è deve
            devono dovrebbe"""
        ),
        split("non senza mai contro né"),
    ),
    Language(
        "nl",
        "Dutch",
        split(
            """aan al als bij dan dat de deze die dit door een en er ge geen haar had hebben heeft het hier hij hoe
            hun ik in is ja je kan kunnen maar me meer men met mijn moet moeten naar niet nog nu of om omdat ons
            onze ook op over te toch tot uit van veel voor waar was wat we wel werd wij wordt worden ze zich zij
            zijn zo zonder zou"""
        ),
        split("niet geen nooit zonder tegen"),
        compounds=True,
    ),
    Language(
        "ca",
        "Catalan",
        split(
            """a al als amb aquest aquesta com d'una de del dels el els en és ha han hi i jo l la les li meva meu molt
            més no nostra nostre o on pel per perquè però que quan qui s'ha sense ser si són també tot un una uns
            hem cal"""
        ),
        split("no sense mai contra"),
    ),
    Language(
        "sv",
        "Swedish",
        split(
            """alla att av bara bör de den det där då efter eller en ett från för ha han har hade i inga inte jag kan
            man med men mer min mina mot måste mycket ni när och om oss på ska skulle som så till under upp ut utan
            vad vara var varje vi vill vår våra än är"""
        ),
        split("inte inga utan aldrig mot"),
        compounds=True,
    ),
    Language(
        "da",
        "Danish or Norwegian",
        split(
            """af alle at av bare blir blive bliver bør da de den der det du eller en er et for fra før ha han har hun
            i ikke ingen jeg kan kun man med meget men mer mere min mine mot må når nå og også om op opp på skal
            skulle som så til ud under uten uden ut var vi vil vår vores være"""
        ),
        split("ikke ingen uden uten aldrig aldri mod mot"),
        compounds=True,
    ),
    Language(
        "pl",
        "Polish",
        split(
            """a aby ale bardzo bez być by był było co czy dla do gdy i ich jak jako jego jej jest jestem już każdy
            która które który lub ma mam mi mnie może na nas nasz nie nim o od oraz po pod powinien powinna powinny
            przez przy się są ta tak także te tego tej ten to tym tylko w we więc z za ze że żeby"""
        ),
        split("nie bez nigdy przeciw"),
    ),
)
