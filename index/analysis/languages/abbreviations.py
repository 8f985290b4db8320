"""Abbreviations that end with a dot and do not end a sentence, by language."""

from functools import cache

from index.analysis.languages.codes import ENGLISH

# In the form that Punkt expects: lower case, no final dot. Titles, ranks, months, company forms,
# units, and short forms of everyday words.
ABBREVIATIONS = {
    language: frozenset(words.split())
    for language, words in {
        ENGLISH: """
            mr mrs ms mx dr prof rev fr sr jr st hon pres gov sen rep amb atty supt
            gen lt maj col capt cmdr adm brig sgt cpl pvt pfc
            jan feb mar apr jun jul aug sep sept oct nov dec
            inc ltd co corp bros dept univ assn est
            vs etc e.g i.e cf al viz approx ca fig figs vol nos pp ed eds ch sec art
            u.s u.s.a u.k u.n e.u d.c c.i.a f.b.i a.m p.m b.c a.d ph.d m.d b.a m.a""",
        "cs": """
            atd apod dr el ing např mj mudr nr obr odst popř příp resp str sv tel tj tzn tzv č""",
        "da": "bl.a bl ca dvs eks evt f.eks fx inkl jf kl mht mio nr osv pga tlf",
        "de": """
            abb abs anm art aufl bd bes bspw bzgl bzw ca dgl dipl dr ebd ehem einschl etc evtl f ff
            geb ggf ggü hl hrsg inkl jh max mind min mio mrd nr o.ä prof s.o s.u sog st std str tel
            u.a u.u usf usw v.a vgl z.b d.h z.t zzgl jan febr aug sept okt nov dez""",
        "el": "αρ βλ δηλ δρ κ.ά κ.λπ κα κλπ μ.χ π.δ π.χ σελ τηλ χιλ",
        "es": """
            a.c apdo art av avda cap d.c dr dra ed ee.uu ej etc fig gral núm p.ej pág págs prof
            profa sr sra sras sres srta sto sta tel ud uds vol""",
        "fi": "ent esim huom jne klo ks ml mm mrd n nk no nro ns os s synt t tms ts v vrt yms",
        "fr": """
            apr art av bd c.-à-d cf chap dr etc env éd ex fig hab janv févr juil juill m mlle mm mme
            mmes nb oct nov déc p.ex pp pr sept st ste tél vol""",
        "it": """
            arch art avv ca cap cfr dott dott.ssa ecc es fig gen ing n nn pag pagg prof prof.ssa
            sec sig sig.na sig.ra sigg tel vol""",
        "nl": """
            afb art bijv blz bv ca d.w.z dhr dr drs e.d enz evt fig i.p.v incl ing ir jl jr m.b.t
            mevr min mr nr o.a o.m prof resp sr st t.a.v vgl""",
        "no": "bl.a bl ca dvs eks evt f.eks inkl jf kl mill mrd nr osv pga tlf",
        "pl": """
            al c.d cd dr gen godz im inż itd itp itp m.in mgr mjr mld mln np nr ob os pkt por proc
            prof r red ryc św str tel tj tys tzn tzw ul w wg zł zob""",
        "pt": """
            a.c art av cap d.c dr dra ed etc ex exmo fig núm p.ex pág págs prof profa sec sr sra
            srs srta tel vol""",
        "ro": "art cap cca d.hr dl dna dr ed ex fig ing î.hr nr pag prof sec str tel vol ș.a",
        "ru": """
            акад в вв г гг гл долл др ед и.о им кв коп куб млн млрд напр обл пер пл пр проф р рис
            род руб с св см ср ст стр т т.д т.е т.к т.н т.п табл тов тыс ул ч чел экз""",
        "sk": "atď apod č dr ing kap mj napr obr príp resp str sv tel tj tzv t.j",
        "sv": """
            bl.a ca d.v.s dvs e.d eng etc f.d f.n fr.o.m kl m.fl m.m max min mkt nr obs osv resp
            s.k st t.ex t.o.m tel""",
        "tr": """
            alb av bkz bl böl cad çev doç dr ed gen haz hz kur m.ö m.s mad mah min no ör örn
            prof s sf sok st tel vb vd vs yy yrd""",
        "uk": """
            акад в вв вул гр див др ім кв коп крб млн млрд напр обл п пп пр проф р рис рр с св
            см ст стор т т.д т.з т.зв т.ін т.п табл тис""",
    }.items()
}

# In these languages a dot makes a number an ordinal: "3. Oktober".
WRITES_ORDINALS = frozenset("bs cs da de et fi fo hr hu is lb lv no pl sk sl sr tr".split())


@cache
def abbreviations_of(language: str) -> frozenset[str]:
    """Return the abbreviations of a language and of English, whose short forms are used widely."""
    return ABBREVIATIONS[ENGLISH] | ABBREVIATIONS.get(language, frozenset())
