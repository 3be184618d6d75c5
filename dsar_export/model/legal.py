"""The articles that a register may name, each explained in plain words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dsar_export.model.message import Message

LEGAL_BASES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "A6-1-a": Message("You gave consent (Art. 6(1)(a) {gdpr})."),
        "A6-1-b": Message("Needed for a contract with you, or to prepare one (Art. 6(1)(b) {gdpr})."),
        "A6-1-c": Message("Required by law (Art. 6(1)(c) {gdpr})."),
        "A6-1-d": Message("Needed to protect somebody's vital interests (Art. 6(1)(d) {gdpr})."),
        "A6-1-e": Message("A task in the public interest or official authority (Art. 6(1)(e) {gdpr})."),
        "A6-1-f": Message("A legitimate interest that was weighed against yours (Art. 6(1)(f) {gdpr})."),
        "A9-2-a": Message("You gave explicit consent for special data (Art. 9(2)(a) {gdpr})."),
        "A9-2-b": Message("Employment, social security and social protection law (Art. 9(2)(b) {gdpr})."),
        "A9-2-c": Message("Vital interests of somebody who can't consent (Art. 9(2)(c) {gdpr})."),
        "A9-2-d": Message("Members of a not-for-profit body (Art. 9(2)(d) {gdpr})."),
        "A9-2-e": Message("Data that you made public yourself (Art. 9(2)(e) {gdpr})."),
        "A9-2-f": Message("Legal claims (Art. 9(2)(f) {gdpr})."),
        "A9-2-g": Message("Substantial public interest (Art. 9(2)(g) {gdpr})."),
        "A9-2-h": Message("Health or social care (Art. 9(2)(h) {gdpr})."),
        "A9-2-i": Message("Public health (Art. 9(2)(i) {gdpr})."),
        "A9-2-j": Message("Archives, research and statistics (Art. 9(2)(j) {gdpr})."),
    }
)

SAFEGUARDS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "A45-3": Message("an adequacy decision (Art. 45(3) {gdpr})"),
        "A46-2-a": Message("an instrument between public authorities (Art. 46(2)(a) {gdpr})"),
        "A46-2-b": Message("binding corporate rules (Art. 46(2)(b) {gdpr})"),
        "A46-2-c": Message("standard contractual clauses of the Commission (Art. 46(2)(c) {gdpr})"),
        "A46-2-d": Message("standard contractual clauses of an authority (Art. 46(2)(d) {gdpr})"),
        "A46-2-e": Message("an approved code of conduct (Art. 46(2)(e) {gdpr})"),
        "A46-2-f": Message("an approved certification (Art. 46(2)(f) {gdpr})"),
        "A49-1-a": Message("your explicit consent (Art. 49(1)(a) {gdpr})"),
        "A49-1-b": Message("a contract with you (Art. 49(1)(b) {gdpr})"),
        "A49-1-c": Message("a contract in your interest (Art. 49(1)(c) {gdpr})"),
    }
)
