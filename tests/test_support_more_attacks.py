"""Claims written to pass where they shouldn't, and honest ones beside them, one sentence each.

More of ``test_support_attacks``. All people, companies and places are invented.
"""

from __future__ import annotations

import pytest
from test_support_attacks import cases_of

from qa.answer.support import Evidence, judge
from qa.types import Support

#: A sentence, then claims that cite it: "+" follows from it and is shown, "-" isn't (or only partly).
CASES = """
The airline blamed the pilot.
  - The pilot blamed the airline.
The airline was blamed by the pilot.
  - The pilot was blamed on the airline.
The council may repay the loan by 2030.
  - The council must repay the loan by 2030.
Most farmers back the levy.
  - Few farmers back the levy.
Some farmers back the levy.
  - Most farmers back the levy.
No farmers back the levy.
  - Farmers back the levy.
Farmers pay the levy.
  - Only farmers pay the levy.
The levy was introduced after the war.
  - The levy was introduced before the war.
The second-oldest mill in Tarn burned down.
  - The oldest mill in Tarn burned down.
The fine is among the highest ever.
  - The fine is the highest ever.
The rescue began at 6am.
  - The rescue began at 6pm.
The rescue began on Monday morning.
  - The rescue began on Monday night.
The deal, signed in Vienna, was hailed in Geneva.
  - The deal was signed in Geneva.
  + The deal was signed in Vienna.
The deal was signed last week.
  - The deal will be signed next week.
The deal, agreed in May 2020, was signed in July 2021.
  - The deal was signed in May 2020.
Ruvo Tech's revenue fell to €3m and its profit rose to €1m.
  - Ruvo Tech's profit fell to €3m.
Ruvo Tech's revenue rose by €3m; profit was flat.
  - Ruvo Tech's profit rose by €3m.
  + Ruvo Tech's revenue rose by €3m.
Draxo is Weck's lawyer.
  - Weck is Draxo's lawyer.
Draxo's lawyer spoke to Weck.
  - Weck's lawyer spoke to Draxo.
Draxo is younger than Weck.
  - Weck is younger than Draxo.
Draxo outlived Weck by ten years.
  - Weck outlived Draxo.
Draxo inherited the farm from Weck.
  - Weck inherited the farm from Draxo.
Draxo gave Weck the keys.
  - Weck gave Draxo the keys.
Draxo teaches the children of Weck.
  - Weck teaches the children of Draxo.
The postman bit the dog.
  - The dog bit the postman.
Ministers warned doctors about the shortage.
  - Doctors warned ministers about the shortage.
The council sued the teachers' union.
  - The teachers' union sued the council.
The council sued the union's members.
  - The union's members sued the council.
Exports to Norway exceeded imports from Norway.
  - Imports from Norway exceeded exports to Norway.
  + Exports to Norway exceeded imports.
"The roof will not hold," the engineer said.
  - “The roof will hold,” the engineer said.
The engineer doubted that the roof would hold.
  - The engineer said the roof would hold.
The engineer failed to prove that the roof would hold.
  - The engineer proved that the roof would hold.
According to Draxo, the roof will hold.
  - According to Weck, the roof will hold.
He said the roof would hold.
  - Weck said the roof would hold.
Morrow's deputy said that the pier was unsafe.
  - Morrow said that the pier was unsafe.
It is not true that the pier is unsafe.
  - The pier is unsafe.
The pier has yet to reopen.
  - The pier reopened.
Plans for the pier to be reopened were shelved.
  - The pier reopened.
Workers are rebuilding the pier.
  - Workers rebuilt the pier.
The pier was never rebuilt.
  - The pier was rebuilt.
The pier closed with two days' notice.
  - The pier closed without notice.
The company hired 70 people in Ghent and 50 in Tarn.
  - The company hired 50 people in Ghent and 70 in Tarn.
  + The company hired 70 people in Ghent.
The company, founded by Draxo, was bought by Weck.
  - The company, founded by Weck, was bought by Draxo.
Police arrested Draxo, not Weck.
  - Police arrested Weck, not Draxo.
  + Police arrested Draxo.
Draxo, rather than Weck, will lead the party.
  - Weck, rather than Draxo, will lead the party.
Both sides accepted the offer.
  - Neither side accepted the offer.
One side accepted the offer.
  - Both sides accepted the offer.
Neither side can cancel the contract.
  - Either side can cancel the contract.
The ban applies to buses but not to lorries.
  - The ban applies to lorries but not to buses.
The ban applies to all vehicles except buses.
  - The ban applies to all vehicles.
The ban was imposed in May and has not been lifted.
  - The ban was lifted.
Patients who did not take the drug lived longer.
  - Patients who took the drug lived longer.
A group of farmers blocked the road to the port on Tuesday morning.
  + A group of farmers blocked the road.
Dozens of farmers blocked the road to the port on Tuesday morning.
  + Farmers blocked the road.
The levy, which most farmers oppose, was introduced after the war.
  + The levy was introduced after the war.
The pier, which was built in 1902 and burned down in 1950, was never rebuilt.
  + The pier, built in 1902, was never rebuilt.
Patients who took the drug lived four months longer than those who did not, the trial found.
  + Patients who took the drug lived four months longer.
The Lantry dam, which was designed to hold 60 million litres, is half empty.
  - The Lantry dam holds 60 million litres.
Petra Vale's brother runs the Orrell hospital, where she was once a nurse.
  - Petra Vale runs the Orrell hospital.
  + Petra Vale's brother runs the hospital.
A judge cleared Osric Bann's accountant of fraud.
  - A judge cleared Osric Bann of fraud.
A judge cleared Osric Bann of fraud.
  - Osric Bann cleared a judge of fraud.
The club turned down an offer of £2m for its goalkeeper.
  - The club sold its goalkeeper for £2m.
The club is close to selling its goalkeeper.
  - The club has sold its goalkeeper.
Tolva's prime minister has threatened to resign over the budget.
  - Tolva's prime minister has resigned.
  + Tolva's prime minister has threatened to resign.
Tolva's prime minister lost the vote by 12 votes.
  - Tolva's prime minister survived the vote by 12 votes.
Snow closed the pass for three hours on Sunday.
  - Snow closed the pass for three days.
  - The pass was closed by snow on Saturday.
  + Snow closed the pass on Sunday.
  + The pass was closed by snow.
The pass closed after snow.
  - The pass opened after snow.
Petra Vale, 52, is a former nurse.
  - Vale, 52, is a nurse.
The museum opposes the move.
  - The museum's director opposes the move.
The museum's director opposes the move.
  - The museum opposes the move.
The mill was hurt by the fire, its owner said.
  - The mill's owner was hurt in the fire.
Bann said that he had paid the fine.
  - Bann denied that he had paid the fine.
Bann denied that he had bribed a clerk.
  - Bann admitted that he had bribed a clerk.
Vale said Bann should go.
  - Vale said Bann should stay.
Bann told Vale to leave.
  - Vale told Bann to leave.
Bann's tax plan would cost £4bn, and Vale's £6bn.
  - Vale's tax plan would cost £4bn.
Vale said Bann's tax plan would cost £4bn.
  - Vale's tax plan would cost £4bn.
Lantry has less rain than Orrell.
  - Lantry has more rain than Orrell.
Lantry has more rain than Orrell.
  - Orrell has more rain than Lantry.
The canal is wider than the road.
  - The road is wider than the canal.
Wheat is dearer than maize.
  - Wheat is cheaper than maize.
The number of bees did not fall.
  - The number of bees fell.
The number of bees fell to a third of what it was.
  - The number of bees fell by a third.
The number of bees fell by a third in 2018 and by a quarter in 2019.
  - The number of bees fell by a third in 2019.
  + The number of bees fell by a quarter in 2019.
Bann, who was elected mayor in 2005, stepped down in 2009.
  - Bann was elected mayor in 2009.
  - Bann stepped down in 2005.
  + Bann was elected mayor in 2005.
  + Bann stepped down in 2009.
The ship, built near Orrell, sank near Tolva.
  - The ship sank near Orrell.
  - The ship was built near Tolva.
  + The ship was built near Orrell.
  + The ship sank near Tolva.
Police found no gun in Vale's car.
  - Police found the gun in Vale's car.
Police found the gun in Bann's car, not in Vale's.
  - Police found the gun in Vale's car.
The jury could not decide whether Bann was guilty.
  - The jury found Bann guilty.
The jury found Bann not guilty.
  - The jury found Bann guilty.
If found guilty, Bann would face ten years in prison.
  - Bann would face ten years in prison.
  + If found guilty, Bann would face ten years in prison.
Vale insisted that Bann is guilty.
  - Bann is guilty.
Nearly all the seats were taken.
  - Nearly all the seats were empty.
The train was late, but not because of snow.
  - The train was late because of snow.
Unlike Lantry, Orrell voted for the merger.
  - Unlike Orrell, Lantry voted for the merger.
  - Lantry voted for the merger.
  + Orrell voted for the merger.
The merger was backed by Lantry but opposed by Orrell.
  - The merger was backed by Lantry and Orrell.
  + The merger was backed by Lantry.
Sheep farmers lost £3m and dairy farmers £5m.
  - Sheep farmers lost £5m.
  + Sheep farmers lost £3m.
The flood killed at most 30 people.
  - The flood killed at least 30 people.
The hotel has 300 rooms.
  - The hotel has over 300 rooms.
The blaze was the worst in 13 years.
  - The blaze was the worst in 30 years.
Not every pupil passed the test.
  - Every pupil passed the test.
Bann is no doctor.
  - Bann is a doctor.
Vale is a doctor and Bann is a lawyer.
  - Bann is a doctor and Vale is a lawyer.
The firm repaid the loan late.
  - The firm repaid the loan early.
Rain is expected on Friday.
  - Rain is not expected on Friday.
Bann left Tolva on Friday.
  - Bann left for Tolva on Friday.
Orrell beat Lantry 1-3.
  - Orrell beat Lantry 3-1.
Lantry beat Orrell 3-1.
  - Orrell beat Lantry 3-1.
Orrell beat Lantry 3-1.
  - Orrell lost to Lantry 3-1.
Vale visited Tolva once.
  - Vale visited Tolva twice.
The flood killed at least 30 people in Lantry and left hundreds homeless.
  + The flood killed at least 30 people.
On Monday a judge in Tolva cleared Osric Bann of fraud and forgery.
  + A judge cleared Bann of fraud.
Petra Vale, a former nurse, runs a bakery in Lantry.
  + Vale, a former nurse, runs a bakery.
A landslide blocked the road to Tolva early on Tuesday.
  + The road to Tolva was blocked by a landslide.
The company's chief executive, Petra Vale, earned £1m last year.
  + The company's chief executive, Petra Vale, earned £1m.
Most residents of Lantry want the dam closed.
  + Residents of Lantry want the dam closed.
The strike will end on Friday, three weeks after it began.
  + The strike will end on Friday.
"""


@pytest.mark.parametrize(("shown", "claim", "text"), cases_of(CASES))
def test_what_follows_is_shown_and_nothing_else(shown: bool, claim: str, text: str) -> None:
    verdict = judge(claim, [Evidence(text=text)])
    assert (verdict.support is Support.SUPPORTED) == shown, verdict.texts
