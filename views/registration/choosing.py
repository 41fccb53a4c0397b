"""A password that is chosen at the end of a registration."""

from adapters.passwords import hashed
from models.passwords import Owner
from models.problems import Problem
from views.policies import new_password_problems
from views.registration.common import database


def password_objections(form, name: str, *numbers: str, staff: bool = True) -> list[Problem]:
    """What is wrong with the password of a form: by the policy, and because it holds the name or
    a piece of the numbers of its owner. The user name is made later and is none that he knows."""
    owner = Owner(username="", name=name, staff=staff, numbers=numbers)
    return new_password_problems(form.password.data or "", form.again.data or "", owner)


def hash_of(form) -> str:
    """The hash of the password of a form. It takes long: nobody may wait for it to write."""
    database().rollback()
    return hashed(form.password.data)
