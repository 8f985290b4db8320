"""What the tags, roles, classes and ids of a page's elements say they are for."""

import re
from functools import lru_cache
from typing import Literal

# Shown, but not part of the text: navigation and controls.
FURNITURE = frozenset("nav select textarea datalist dialog progress meter".split())
FURNITURE_ROLES = frozenset(
    """navigation banner contentinfo search dialog alertdialog menu menubar toolbar tooltip
    doc-noteref doc-backlink doc-toc doc-pagelist""".split()
)

# They hold the page, whatever their classes say.
HOLDERS = frozenset("html body main article".split())

Meaning = Literal[
    "",
    "caption",
    "furniture",
    "index",
    "layout",
    "note",
    "panel",
    "post",
    "rubric",
    "shown",
    "tab",
    "tablist",
]

_FURNITURE_CLASSES = frozenset(
    """
    headerlink hash-link heading-anchor heading-link header-anchor anchor-link anchorjs-link
    permalink perma-link headinglink octicon-link copy-link direct-link
    toc toctoggle toctitle vector-toc vector-toc-landmark table-of-contents tableofcontents
    tocwrapper toc-drawer toc-sidebar theme-doc-toc-mobile theme-doc-toc-desktop tocmobile
    toccollapsible on-this-page onthispage page-toc localtoc md-sidebar bd-toc bd-sidebar
    bd-sidebar-primary bd-sidebar-secondary sidebar-drawer sphinxsidebar sphinxsidebarwrapper
    theme-doc-sidebar-container vpsidebar vpdocfooter vplocalnav vpdocasideoutline nextra-toc
    breadcrumb breadcrumbs breadcrumb-nav wy-breadcrumbs theme-doc-breadcrumbs bd-breadcrumbs
    pagination pagination-nav pager prev-next prev-next-area prev-next-footer prev-next-bottom
    rst-footer-buttons footer-nav post-navigation nav-links nav-previous nav-next page-nav
    page-navigation pagenav pagination-next navigation navbar navbox navbox-styles navheader
    t-navbar navfooter md-header md-footer md-tabs md-search md-top md-source md-source-file
    md-content__button md-skip md-dialog md-feedback rst-versions rst-other-versions
    theme-edit-this-page edit-this-page edit-page-link edit-page edit-link editlink edit-on-github
    editthispage github-edit github-link view-source source-link viewcode-link viewcode-back
    theme-last-updated theme-doc-footer theme-doc-version-badge theme-doc-version-banner
    copybtn copy-btn copybutton copy-button copy-code copy-code-button code-copy clipboard-copy
    btn-clipboard btn-copy copy-to-clipboard zeroclipboard-container
    mw-editsection mw-editsection-like mw-jump-link mw-cite-backlink mw-footer mw-indicators
    mw-portlet mw-navigation catlinks printfooter noprint sitenotice jump-to-nav portal
    vector-header-container vector-column-start vector-page-toolbar vector-sitenotice-container
    vector-menu mw-kartographer-container
    footnote-ref footnote-reference fnref noteref footnote-backref footnote-back fn-backref
    reversefootnote data-footnote-backref
    skip-link skip-links skip-to-content skiptocontent skip-nav skip-navigation sr-only
    visually-hidden visuallyhidden screen-reader-text screenreader screen-reader-only assistive-text
    share share-buttons sharing social-share social-links social-buttons addtoany sharedaddy
    jp-relatedposts related-posts related-articles related-pages related-topics suggested-topics
    more-topics__container more-topics__list newsletter newsletter-signup cookie-banner
    cookie-consent cookie-notice cookieconsent cookie-bar gdpr back-to-top backtotop scroll-to-top
    advertisement adsbygoogle ad-banner
    linenos linenodiv lineno gutter line-numbers-rows hljs-ln-numbers lnt ln rouge-gutter blob-num
    codelineno line-number linenumber code-line-number codelinenumber
    topic-avatar post-avatar avatar avatars topic-meta-data crawler-post-meta crawler-linkback-list
    post-likes likes like-count likecount reactions reactionsbar discourse-reactions-counter
    post-controls post-menu post-menu-area post-actions post-links topic-map topic-category
    discourse-tags list-tags topic-footer-main-buttons topic-navigation timeline-container
    small-action quote-controls badge-category badge-wrapper who-liked onebox lightbox-meta
    filehistory mw-warning-with-logexcerpt noarticletext mw-permissionerrors
    signature message-signature post-signature sig-block postprofile postbuttons post-buttons
    message-user message-attribution message-footer message-actionbar message-cell--user userinfo
    posthead postfoot poster moderatorbar keyinfo votecell vote-count js-voting-container
    js-post-menu post-taglist user-info reply-button share-button report-button
    """.split()
)

_PANELS = frozenset("tab-pane tabbed-block sd-tab-content tab-content-item tabitem".split())
_TABLISTS = frozenset("tabbed-labels nav-tabs tabs__nav".split())
_TABS = frozenset(("sd-tab-label",))
_POSTS = frozenset(
    "crawler-post topic-post message--post js-post js-question js-answer postcontainer".split()
)
_LAYOUTS = frozenset("highlighttable rouge-table lntable syntaxhighlighter codehilitetable".split())
_NOTES = frozenset(
    """note notes warning tip hint caution danger important attention info callout admonition alert
    remark example footnote footnote-list quote markdown-alert
    theme-admonition custom-block starlight-aside sidenote marginnote pull-quote""".split()
)
_CAPTIONS = frozenset(("thumbcaption", "gallerytext", "wp-caption-text"))
_RUBRICS = frozenset(("rubric", "topic-title"))
_SHOWN = ("mwe-math-mathml",)

# Lists of links to all pages, which no reader takes for an answer.
_INDEXES = frozenset(
    """genindextable modindextable indextable genindex-jumpbox modindex-jumpbox genindex-section
    domainindex-jumpbox domainindex-table""".split()
)

# Pages that a wiki makes itself: lists of changes, forms to edit, files.
_SYSTEM_PAGES = frozenset(
    "ns-special ns--1 ns-6 action-edit action-history action-info action-submit".split()
)

_BODY = re.compile(r"<body\b[^<>]{0,4000}>", re.IGNORECASE)
_CLASS = re.compile(r"""\sclass\s{0,9}=\s{0,9}(?:"([^"]*+)"|'([^']*+)')""", re.IGNORECASE)

_TITLE_IDS = frozenset(("sitesub", "contentsub", "contentsub2", "jump-to-nav", "sitenotice"))

_FURNITURE_IDS = frozenset(
    """toc footer navigation mw-navigation mw-head mw-panel mw-head-base mw-page-base catlinks
    sidebar cookie-banner cookie-consent related-topics
    suggested-topics p-search p-logo footer-info footer-places navbar site-header site-footer
    searchbox table-of-contents page-header-nav""".split()
)


@lru_cache(maxsize=16384)
def meaning_of(classes: str) -> Meaning:
    """Return what the classes of an element say that it is for; "" if nothing."""
    tokens = {_name(one) for one in classes.split()}
    if not tokens.isdisjoint(_INDEXES):
        return "index"
    if not tokens.isdisjoint(_FURNITURE_CLASSES):
        return "furniture"
    if "contents" in tokens and not tokens.isdisjoint(("topic", "local")):
        return "furniture"
    found: tuple[tuple[Meaning, frozenset[str]], ...] = (
        ("panel", _PANELS),
        ("tablist", _TABLISTS),
        ("tab", _TABS),
        ("post", _POSTS),
        ("layout", _LAYOUTS),
        ("note", _NOTES),
        ("rubric", _RUBRICS),
        ("caption", _CAPTIONS),
    )
    for meaning, names in found:
        if not tokens.isdisjoint(names):
            return meaning
    if "post" in tokens and not tokens.isdisjoint(("has-profile", "bg1", "bg2")):
        return "post"
    return "shown" if any(one.startswith(_SHOWN) for one in tokens) else ""


@lru_cache(maxsize=4096)
def is_page_aside(classes: str) -> bool:
    """Return whether the classes of an aside say that it is one of the page, not of the text."""
    return any(
        part in one
        for one in classes.lower().split()
        for part in ("sidebar", "widget", "related", "promo", "newsletter", "toc", "menu", "nav")
        if one != "sidebar"
    )


@lru_cache(maxsize=4096)
def labels_panel(classes: str) -> bool:
    """Return whether the classes of a button say that it opens the text below it."""
    names = classes.lower()
    return any(part in names for part in ("accordion", "faq", "collapsible", "question"))


@lru_cache(maxsize=4096)
def opens_menu(classes: str) -> bool:
    """Return whether the classes of a button say that it is a control of the page."""
    names = classes.lower()
    return any(
        part in names
        for part in (
            "navbar",
            "menu",
            "dropdown",
            "hamburger",
            "sidebar",
            "copy",
            "toggler",
            "share",
        )
    )


def is_system_page(text: str) -> bool:
    """Return whether the body of a page has classes that say that a wiki makes the page itself.

    It is looked for in the text, because the parser passes over the tag of a body that it has
    opened before, for something wrong in the head.
    """
    body = _BODY.search(text)
    classes = _CLASS.search(body[0]) if body else None
    tokens = (classes[1] or classes[2]).split() if classes else []
    return "mediawiki" in tokens and not _SYSTEM_PAGES.isdisjoint(tokens)


def is_furniture_id(tag: str, name: str, classes: str) -> bool:
    """Return whether the id of an element says that it is no part of the text.

    The ids of sections are made of their headings, so they say nothing.
    """
    if name.lower() in _TITLE_IDS:
        return True
    return (
        name.lower() in _FURNITURE_IDS
        and tag in ("div", "ul", "ol", "table", "footer", "header", "aside")
        and "section" not in classes
    )


def _name(token: str) -> str:
    """Return a class in lower case, without the hash that CSS modules append."""
    name, separator, ending = token.rpartition("_")
    is_hashed = separator and len(ending) == 4 and not name.endswith("_")
    return (name if is_hashed else token).lower()
