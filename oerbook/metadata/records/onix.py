"""ONIX for Books 3.0 in reference tags, for bookshops and distributors (https://www.editeur.org/93/)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from oerbook.metadata.records.facts import Agent, BookFacts
from oerbook.metadata.records.marc import marc_language

SUMMARY = "ONIX 3.0, for bookshops and distributors"
FILE_NAME = "onix.xml"
NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"
# MARC relator code -> code of ONIX list 17.
CONTRIBUTOR_ROLES = {"aut": "A01", "ill": "A12", "pht": "A13", "edt": "B01", "adp": "B05", "trl": "B06", "com": "C01"}
OTHER_ROLE = "Z99"
UNKNOWN_DATE = "1980-01-01"  # the header must have one


def write(facts: BookFacts) -> str:
    """Return a message with one product, the EPUB."""
    message = Element("ONIXMessage", {"release": "3.0", "xmlns": NAMESPACE})
    header = SubElement(message, "Header")
    sender = SubElement(header, "Sender")
    _add(sender, "SenderName", facts.publisher or _first_name(facts))
    _add(header, "SentDateTime", (facts.date or UNKNOWN_DATE).replace("-", ""))
    product = SubElement(message, "Product")
    _add(product, "RecordReference", facts.identifier)
    _add(product, "NotificationType", "03")  # confirmed on publication
    _add_identifiers(product, facts)
    _add_descriptive_detail(SubElement(product, "DescriptiveDetail"), facts)
    _add_collateral_detail(product, facts)
    _add_publishing_detail(SubElement(product, "PublishingDetail"), facts)
    indent(message)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(message, encoding="unicode") + "\n"


def _first_name(facts: BookFacts) -> str:
    return facts.creators[0].name if facts.creators else facts.title


def _add(parent: Element, tag: str, text: str, **attributes: str) -> None:
    if text:
        SubElement(parent, tag, attributes).text = text


def _add_identifiers(product: Element, facts: BookFacts) -> None:
    """Add ISBN-13 and DOI, or else the book's own identifier."""
    identifiers = [("15", facts.isbn), ("06", facts.doi)]
    for kind, value in [pair for pair in identifiers if pair[1]] or [("01", facts.identifier)]:
        identifier = SubElement(product, "ProductIdentifier")
        _add(identifier, "ProductIDType", kind)
        _add(identifier, "IDTypeName", "book identifier" if kind == "01" else "")
        _add(identifier, "IDValue", value)


def _add_descriptive_detail(detail: Element, facts: BookFacts) -> None:
    _add(detail, "ProductComposition", "00")  # one item
    _add(detail, "ProductForm", "ED")  # digital download
    _add(detail, "ProductFormDetail", "E101")  # EPUB
    feature = SubElement(detail, "ProductFormFeature")
    _add(feature, "ProductFormFeatureType", "09")  # accessibility
    _add(feature, "ProductFormFeatureValue", "11")  # table of contents navigation
    _add(detail, "PrimaryContentType", "10")  # text
    _add(detail, "EpubTechnicalProtection", "00")  # none
    _add_license(detail, facts)
    _add_title(detail, facts)
    people = [*((agent, "aut") for agent in facts.creators), *facts.contributors]
    for number, (agent, role) in enumerate(people, start=1):
        _add_contributor(detail, agent, role, number)
    if not people:
        SubElement(detail, "NoContributor")
    _add(detail, "EditionStatement", facts.edition)
    language = SubElement(detail, "Language")
    _add(language, "LanguageRole", "01")
    _add(language, "LanguageCode", marc_language(facts.language))
    for keyword in facts.keywords:
        subject = SubElement(detail, "Subject")
        _add(subject, "SubjectSchemeIdentifier", "20")  # keywords
        _add(subject, "SubjectHeadingText", keyword)


def _add_license(detail: Element, facts: BookFacts) -> None:
    if facts.license:
        epub_license = SubElement(detail, "EpubLicense")
        _add(epub_license, "EpubLicenseName", facts.license.name)
        expression = SubElement(epub_license, "EpubLicenseExpression")
        _add(expression, "EpubLicenseExpressionType", "02")  # for people
        _add(expression, "EpubLicenseExpressionLink", facts.license.url)


def _add_title(detail: Element, facts: BookFacts) -> None:
    title_detail = SubElement(detail, "TitleDetail")
    _add(title_detail, "TitleType", "01")
    element = SubElement(title_detail, "TitleElement")
    _add(element, "TitleElementLevel", "01")
    _add(element, "TitleText", facts.title)
    _add(element, "Subtitle", facts.subtitle)


def _add_contributor(detail: Element, agent: Agent, role: str, number: int) -> None:
    contributor = SubElement(detail, "Contributor")
    _add(contributor, "SequenceNumber", str(number))
    _add(contributor, "ContributorRole", CONTRIBUTOR_ROLES.get(role, OTHER_ROLE))
    if agent.orcid:
        identifier = SubElement(contributor, "NameIdentifier")
        _add(identifier, "NameIDType", "21")  # ORCID
        _add(identifier, "IDValue", agent.orcid.replace("-", ""))
    if not agent.is_group:
        _add(contributor, "PersonName", agent.name)
        _add(contributor, "PersonNameInverted", agent.inverted)
        _add(contributor, "NamesBeforeKey", agent.given)
        _add(contributor, "KeyNames", agent.family or agent.name)
    else:
        _add(contributor, "CorporateName", agent.name)


def _add_collateral_detail(product: Element, facts: BookFacts) -> None:
    """Add the description and the statement of open access."""
    texts = [("03", facts.description)] if facts.description else []
    if facts.license and facts.is_free:
        texts.append(("20", f"Open access: {facts.license.name}, {facts.license.url}"))
    detail = SubElement(product, "CollateralDetail") if texts else None
    for kind, text in texts:
        assert detail is not None
        content = SubElement(detail, "TextContent")
        _add(content, "TextType", kind)
        _add(content, "ContentAudience", "00")  # unrestricted
        _add(content, "Text", text)


def _add_publishing_detail(detail: Element, facts: BookFacts) -> None:
    publisher = SubElement(detail, "Publisher")
    _add(publisher, "PublishingRole", "01")
    _add(publisher, "PublisherName", facts.publisher or _first_name(facts))
    if facts.url:
        website = SubElement(publisher, "Website")
        _add(website, "WebsiteLink", facts.url)
    _add(detail, "CityOfPublication", facts.publisher_place)
    _add(detail, "PublishingStatus", "04")  # active
    if facts.date:
        date = SubElement(detail, "PublishingDate")
        _add(date, "PublishingDateRole", "01")
        _add(date, "Date", facts.date.replace("-", ""), dateformat="00")
