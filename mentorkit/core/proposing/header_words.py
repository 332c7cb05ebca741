"""What people call our columns: English, German, French, Spanish, Italian, Dutch and Portuguese headers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise

_SAID = {
    "id": "id, person id, employee id, employee no, employee nr, employee number, emp id, staff id, staff number, "
    "personnel number, personnel id, worker id, user id, member id, payroll number, hr id, post unique reference, "
    "associate id, personalnummer, personal nr, pers nr, mitarbeiternummer, mitarbeiter id, matricule, "
    "numero employe, id empleado, numero de empleado, numero empleado, matricola, personeelsnummer, matricula, "
    "numero funcionario",
    "name": "name, full name, display name, employee name, person, vollstandiger name, nom complet, nombre completo, "
    "nome completo, naam, nombre y apellidos, nom et prenom",
    "first name": "first name, firstname, given name, forename, vorname, prenom, nombre, nome, voornaam",
    "last name": "last name, lastname, surname, family name, nachname, familienname, nom, nom de famille, apellido, "
    "apellidos, cognome, achternaam, sobrenome",
    "preferred_name": "preferred name, known as, nickname, rufname, nom d usage, nombre preferido",
    "email": "email, e mail, mail, email address, e mail address, mail address, work email, business email, "
    "e mail adresse, email adresse, mailadresse, adresse mail, adresse email, courriel, correo, correo electronico, "
    "indirizzo email, e mailadres, endereco de email",
    "manager_id": "manager id, manager employee id, manager, line manager, line manager id, supervisor, supervisor id, "
    "reports to, reporting to, boss, reports to senior post, manager number, manager email, line manager email, "
    "vorgesetzter, vorgesetzte, vorgesetzten nr, vorgesetzter personalnummer, fuhrungskraft, n 1, responsable, "
    "responsable hierarchique, superieur, jefe, supervisor directo, responsabile, leidinggevende, gestor",
    "department": "department, dept, unit, business unit, org unit, organization, organisation, organisational unit, "
    "division, team, function, abteilung, bereich, organisationseinheit, departement, service, direction, "
    "departamento, area, reparto, ufficio, afdeling",
    "title": "title, job title, position, job, job role, occupation, jobtitel, stelle, stellenbezeichnung, funktion, "
    "poste, intitule du poste, fonction, puesto, cargo, ruolo, mansione, functie",
    "level": "level, job level, joblevel, grade, job grade, band, pay band, salary grade, seniority, career level, "
    "stufe, karrierestufe, ebene, gehaltsstufe, entgeltgruppe, niveau, echelon, nivel, livello, schaal, categoria",
    "location": "location, office, site, city, office location, work location, standort, buro, dienstort, ort, site de "
    "travail, lieu, ville, bureau, ubicacion, oficina, ciudad, sede, citta, locatie, kantoor, local",
    "country": "country, country code, land, pays, pais, paese",
    "timezone": "timezone, time zone, tz, zeitzone, fuseau horaire, zona horaria, fuso orario, tijdzone, fuso horario",
    "language": "language, preferred language, mail language, sprache, langue, idioma, lingua, taal",
    "languages": "languages, spoken languages, languages spoken, sprachen, sprachkenntnisse, langues, idiomas, lingue, "
    "talen, linguas",
    "hire_date": "hire date, hiredate, hired, start date, date of joining, joined, joining date, entry date, date "
    "hired, employment start, eintritt, eintrittsdatum, einstellungsdatum, beginn, date d embauche, date d entree, "
    "embauche, fecha de ingreso, fecha de contratacion, data di assunzione, datum in dienst, data de admissao",
    "left_on": "left on, end date, leaving date, termination date, last day, exit date, date left, austritt, "
    "austrittsdatum, date de sortie, date de depart, fecha de baja, data di uscita, datum uit dienst",
    "paused_until": "paused until, on leave until, leave until, absent until, abwesend bis, absent jusqu au",
    "skills": "skills, skill, expertise, offers, can offer, topics offered, strengths, competencies, tags, "
    "profession, areas of expertise, kompetenzen, fahigkeiten, kenntnisse, kann bieten, bietet, competences, "
    "savoir faire, competencias, habilidades, competenze, vaardigheden",
    "wants": "wants, wants to learn, would like to learn, topics wanted, learning goals, development goals, goals, "
    "interests, mochte lernen, lernziele, entwicklungsziele, themen, souhaite apprendre, objectifs, quiere aprender, "
    "objetivos, vuole imparare, obiettivi, wil leren, leerdoelen",
    "role": "role, program role, mentoring role, mentor or mentee, takes part as, participant type, signed up as, "
    "teilnahme als, rolle, role dans le programme, rol, ruolo nel programma",
    "capacity": "capacity, mentor capacity, places, max mentees, number of mentees, how many mentees, platze, "
    "anzahl mentees, nombre de mentores, plazas, posti, plaatsen, vagas",
    "erg": "erg, ergs, employee resource group, employee resource groups, network, networks, employee network, "
    "netzwerk, reseau, red de empleados",
    "erg_consent": "erg consent, consent, agrees to use of groups, einwilligung, consentement, consentimiento",
    "meeting_link": "meeting link, video link, personal room",
    "working_hours": "working hours, office hours, arbeitszeit, horaires, horario",
    "assistant_email": "assistant email, pa email, assistant mail",
}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def plain_words(text: str) -> str:
    """Return a header as lower-case words without accents and signs: `Eintritts-Datum` is `eintritts datum`."""
    spaced = _CAMEL.sub(" ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", spaced.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare))


def _index() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for column, said in _SAID.items():
        for phrase in (*said.split(","), column):
            words = plain_words(phrase)
            found.setdefault(words, column)
            found.setdefault(words.replace(" ", ""), column)
    return found


MEANINGS: Mapping[str, str] = _index()
"""From a header in plain words, with or without its spaces, to our column, or `first name` and `last name`."""


def meaning(header: str) -> str:
    """Return what a header is known to mean, or ""."""
    words = plain_words(header)
    return MEANINGS.get(words) or MEANINGS.get(words.replace(" ", ""), "")


def hints(header: str) -> tuple[str, ...]:
    """Return what a header may mean because known words of two letters and more are among its own, sorted."""
    words = plain_words(header).split()
    found = {MEANINGS[word] for word in words if len(word) > 3 and word in MEANINGS}
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    return tuple(sorted(found | {MEANINGS[pair] for pair in pairs if pair in MEANINGS}))
