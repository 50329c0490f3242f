"""What is said in the decisions of the walk: as usual, at great length, and in scripts from right to left."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Texts:
    title: str
    driver: str
    body: str
    better: str
    question: str
    answer: str
    reaction: str
    concern: str
    reason: str
    suggestion: str
    heard: str
    correction: str
    reply: str
    note: str
    why: str


USUAL = Texts(
    title="Trunk-based development",
    driver="Merges cost us eleven days this year, and two releases were late.",
    body="From Monday we merge to main **at least once a day**.\n\n* Unfinished work hides behind a flag.\n"
    "* Whoever breaks main mends it first.\n\n> We look again in May.",
    better="From Monday we merge to main **at least once a day**.\n\n* Unfinished work hides behind a flag.\n"
    "* Whoever breaks main mends it first.\n* Payments keeps its branch until its suite is fast.\n\n"
    "> We look again in May.",
    question="Who keeps the list of flags, and when do they go?",
    answer="I do. A flag that is older than a month comes up at our Monday meeting.",
    reaction="Relieved: the long branches wore me down.",
    concern="Watch the number of flags.",
    reason="Payments has no fast suite. A fault would reach customers before we see it.",
    suggestion="Leave payments out until its suite runs in ten minutes.",
    heard="Daily merges move the risk of payments to our customers.",
    correction="It is less the risk than that nobody would notice in time.",
    reply="Payments keeps its branch until its suite is fast.",
    note="Payments is left out at first.",
    why="We learned that the new hosting does this for us.",
)

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LENGTHY = "The longer a text is, the more it says, and the less of it is read. " * 25

LONG = Texts(
    **{
        **dict.fromkeys(asdict(USUAL), f"{WORD} {LENGTHY}\n\n{LENGTHY}"),
        "title": f"{WORD[:120]} and other words for a title",
        "body": f"{WORD}\n\n{LENGTHY}\n\n| {WORD} | b |\n|---|---|\n| c | {WORD} |\n\n```\n{WORD * 2}\n```\n",
        "better": f"{WORD}\n\n{LENGTHY}\n\nAnd one thing more.",
    }
)

RIGHT_TO_LEFT = Texts(
    title="ساعة هادئة قبل الغداء",
    driver="يُسأل كل واحد منا تسع مرات بين الحادية عشرة والثانية عشرة.",
    body="من الساعة ١١ إلى الساعة ١٢ لا نكتب بعضنا لبعض.\n\n* إلا إذا توقف الميناء.\n* 港が止まったときは別です。",
    better="من الساعة ١٣ إلى الساعة ١٤ لا نكتب بعضنا لبعض.\n\n* إلا إذا توقف الميناء.",
    question="האם זה נוגע גם לטלפון?",
    answer="لا، الهاتف يبقى مفتوحًا.",
    reaction="静かな時間はありがたいです。",
    concern="צריך לבדוק את זה בקיץ.",
    reason="אני מדברת עם אמא שלי בשתים־עשרה, זה הזמן היחיד.",
    suggestion="אולי משעה אחת עד שתיים?",
    heard="الوقت المقترح يأخذ منكِ مكالمتك الوحيدة.",
    correction="זה לא רק השיחה, זו ההפסקה.",
    reply="نقلنا الساعة إلى ما بعد الغداء.",
    note="ساعة أخرى",
    why="لم نعد بحاجة إليها.",
)
